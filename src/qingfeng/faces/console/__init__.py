"""The staff's pages: sign-in, inbox, lists, a matter with its timeline and its acts."""
