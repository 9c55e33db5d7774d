// Small helps on top of forms that work without them: focus after a swap, conditional fields, no typed text lost.
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

  // The key under which a form is sent stays with its place in the history: gone back to, it opens nothing twice.
  function sameKey(form, fresh) {
    var key = form.elements.namedItem("key");
    var state = history.state || {};
    if (fresh && state.formKey) {
      key.value = state.formKey;
    } else {
      history.replaceState(Object.assign({}, state, { formKey: key.value }), "");
    }
  }

  document.addEventListener("change", function (event) {
    if (event.target.form) {
      given(event.target.form);
    }
  });

  // Typed and not sent: whoever leaves the page is asked first.
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.method === "post") {
      form.dataset.typed = "";
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-typed]")) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  document.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute("hx-post")) {
      delete event.target.dataset.typed;
    }
  });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var answer = event.detail.xhr;
    if (answer.status === 204 && answer.getResponseHeader("HX-Redirect")) {
      delete event.detail.elt.dataset.typed;
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
      if ("opens" in form.dataset) {
        sameKey(form, root === document.body);
      }
      enter(form);
      if ("onceMore" in form.dataset) {
        form.requestSubmit(form.querySelector(".form__foot button"));
      }
    }
  });
})();
