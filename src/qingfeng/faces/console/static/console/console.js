// Small helps on top of forms that work without them: focus after a swap, conditional fields, one send at a time.
(function () {
  "use strict";

  // A field that is only asked for while another has one of some values.
  function given(root) {
    root.querySelectorAll("[data-given]").forEach(function (part) {
      var form = part.closest("form");
      var wanted = part.dataset.givenValues.split(" ");
      var chosen = form ? new FormData(form).getAll(part.dataset.given) : [];
      part.hidden = !chosen.some(function (value) {
        return wanted.includes(value);
      });
    });
  }

  // A form that has just come into its place: the reader goes on inside it.
  function enter(form) {
    // Who is inside already, quicker than the page, stays where they are.
    if (form.querySelector("[data-focus]") || form.contains(document.activeElement)) {
      return;
    }
    var first = form.querySelector("input:not([type=hidden]), textarea, select, .form__foot button");
    if (first) {
      first.focus();
    }
  }

  document.addEventListener("change", function (event) {
    if (event.target.form) {
      given(event.target.form);
    }
  });

  // Enter in a search box over a choice finds; it must not send the form around it.
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches && event.target.matches("[data-find]")) {
      event.preventDefault();
    }
  });

  document.addEventListener("htmx:load", function (event) {
    var root = event.detail.elt;
    given(root.parentElement || document);
    var form = root.matches("[data-act-form]") ? root : root.querySelector("[data-act-form]");
    if (form) {
      enter(form);
    }
  });
})();
