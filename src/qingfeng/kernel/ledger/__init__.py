"""The ledger (台账链): canonical bytes, digests, Merkle trees and signed heads."""
