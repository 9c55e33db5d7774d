document.querySelector("#plan").dataset.drawn = "yes";
