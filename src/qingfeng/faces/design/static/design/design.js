// Small helps on top of pages that work without them. No inline handlers: listeners sit on the document.
(function () {
  "use strict";

  function ready(root) {
    root.querySelectorAll("[data-filters]").forEach(function (box) {
      box.hidden = false;
    });
    root.querySelectorAll("textarea[data-limit]").forEach(count);
    root.querySelectorAll("[data-shown-when]").forEach(show);
    var errors = root.querySelector("[data-focus]");
    if (errors) {
      errors.focus();
    }
  }

  function count(area) {
    var foot = document.querySelector('[data-count-for="' + area.id + '"]');
    if (!foot) {
      return;
    }
    var length = Array.from(area.value).length;
    foot.querySelector("[data-count]").textContent = String(length);
    foot.classList.toggle("field__count--over", length > Number(area.dataset.limit));
  }

  // Options are taken out and put back: browsers on phones ignore hidden options.
  var kept = new WeakMap();

  function narrow(box) {
    var select = document.getElementById(box.dataset.filters);
    if (!kept.has(select)) {
      kept.set(select, Array.from(select.childNodes));
    }
    var wanted = box.value.trim().toLowerCase();
    var chosen = select.value;
    var left = 0;
    function fits(option) {
      return option.value === "" || option.value === chosen || option.textContent.toLowerCase().includes(wanted);
    }
    var nodes = kept.get(select).map(function (node) {
      if (node.nodeName === "OPTGROUP") {
        var group = node.cloneNode(false);
        node.querySelectorAll("option").forEach(function (option) {
          if (fits(option)) {
            group.append(option.cloneNode(true));
          }
        });
        return group.children.length ? group : null;
      }
      return node.nodeName === "OPTION" && fits(node) ? node.cloneNode(true) : null;
    });
    select.replaceChildren.apply(select, nodes.filter(Boolean));
    select.value = chosen;
    left = Array.from(select.options).filter(function (option) {
      return option.value !== "";
    }).length;
    var said = document.querySelector('[data-picked-for="' + select.id + '"]');
    if (said) {
      said.textContent = left + " " + said.dataset.words;
    }
  }

  function show(part) {
    var form = part.closest("form");
    if (!form) {
      return;
    }
    var data = new FormData(form).getAll(part.dataset.shownWhen);
    part.hidden = !data.includes(part.dataset.shownValue);
  }

  function toast(words) {
    var place = document.getElementById("toasts");
    var box = document.createElement("div");
    var text = document.createElement("p");
    box.className = "msg msg--late";
    text.className = "msg__title";
    text.textContent = words;
    box.append(document.createElement("span"), text);
    place.replaceChildren(box);
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("textarea[data-limit]")) {
      count(event.target);
    }
    if (event.target.matches("[data-filters]")) {
      narrow(event.target);
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.form) {
      event.target.form.querySelectorAll("[data-shown-when]").forEach(show);
    }
  });

  // Enter in a filter box must not send the form around it.
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches && event.target.matches("[data-filters]")) {
      event.preventDefault();
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        var inside = menu.contains(document.activeElement);
        menu.open = false;
        if (inside) {
          menu.querySelector("summary").focus();
        }
      });
    }
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
    var link = event.target.closest && event.target.closest(".errors a[href^='#']");
    var control = link && document.getElementById(link.getAttribute("href").slice(1));
    if (control) {
      event.preventDefault();
      (control.matches("fieldset") ? control.querySelector("input") : control).focus();
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    ready(event.detail.target.parentElement || document);
  });
  document.addEventListener("htmx:sendError", function () {
    toast(document.getElementById("toasts").dataset.offline);
  });
  // 401 is answered with HX-Redirect by the server; 4xx with words in them are swapped by it as well.
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status >= 500) {
      toast(document.getElementById("toasts").dataset.failed);
    }
  });

  ready(document);
})();
