// Stays on the page after an act that went through; what is refused is sent again the plain way, so that its words are read.
(function () {
  "use strict";

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-stays]");
    if (!form || form.dataset.plain) {
      return;
    }
    event.preventDefault();
    var button = form.querySelector("button");
    button.disabled = true;
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        window.location.reload();
      })
      .catch(function () {
        button.disabled = false;
        form.dataset.plain = "yes";
        form.submit();
      });
  });
})();
