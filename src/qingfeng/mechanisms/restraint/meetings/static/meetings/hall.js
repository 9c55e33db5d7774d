// The hall's clock and bell. The time that counts is the server's: this shows it running on from where the page had it.
(function () {
  "use strict";

  var sound = null;
  var ticking = null;

  // A browser lets a page sound only after somebody touched it: any button of the hall does.
  function unlock() {
    var Kind = window.AudioContext || window.webkitAudioContext;
    if (!sound && Kind) {
      sound = new Kind();
    }
    if (sound && sound.state === "suspended") {
      sound.resume();
    }
  }

  // Three strokes of a bell: two partials each, dying away.
  function strike() {
    if (!sound) {
      return;
    }
    [0, 0.7, 1.4].forEach(function (after) {
      [880, 2217].forEach(function (pitch, place) {
        var tone = sound.createOscillator();
        var volume = sound.createGain();
        var start = sound.currentTime + after;
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(place ? 0.12 : 0.35, start);
        volume.gain.exponentialRampToValueAtTime(0.001, start + 1.2);
        tone.connect(volume).connect(sound.destination);
        tone.start(start);
        tone.stop(start + 1.3);
      });
    });
  }

  function written(seconds) {
    return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  }

  function run() {
    window.clearInterval(ticking);
    var clock = document.querySelector("[data-clock]");
    if (!clock) {
      return;
    }
    var limit = Number(clock.dataset.limit);
    var began = Date.now() - Number(clock.dataset.elapsed) * 1000;
    var rung = Number(clock.dataset.elapsed) > limit;
    var look = "";

    function show() {
      var elapsed = Math.floor((Date.now() - began) / 1000);
      var left = limit - elapsed;
      var now = left <= 0 ? "late" : left <= 60 ? "near" : "running";
      clock.querySelector("[data-time]").textContent = written(Math.abs(left));
      clock.querySelector("[data-words]").textContent =
        left < 0 ? clock.dataset.over : left === 0 ? clock.dataset.up : now === "near" ? clock.dataset.near : clock.dataset.left;
      if (now !== look) {
        look = now;
        clock.dataset.look = now;
        clock.querySelector("[data-bell]").hidden = now !== "late";
        clock.querySelector("[data-said]").textContent =
          now === "late" ? clock.dataset.up : now === "near" ? clock.dataset.near : "";
      }
      if (left <= 0 && !rung) {
        rung = true;
        clock.dataset.ringing = "";
        strike();
      }
    }

    show();
    ticking = window.setInterval(show, 200);
  }

  // The hall as it is now, put in the place of the one shown; the page stays, so that the bell may go on sounding.
  function renew(text) {
    var whole = new DOMParser().parseFromString(text, "text/html");
    var fresh = whole.querySelector("#hall");
    var old = document.querySelector("#hall");
    var state = whole.querySelector(".head__state");
    var shown = document.querySelector(".head__state");
    if (!fresh) {
      window.location.reload();
      return;
    }
    old.replaceWith(document.adoptNode(fresh));
    if (state && shown) {
      shown.replaceWith(document.adoptNode(state));
    }
    run();
    var first = document.querySelector("#hall form button");
    if (first) {
      first.focus();
    }
  }

  function failed() {
    var fault = document.querySelector("[data-fault]");
    fault.textContent = document.querySelector("#hall").dataset.failed;
    fault.hidden = false;
  }

  function look() {
    return fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
      return answer.text();
    });
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("#hall button")) {
      unlock();
    }
    if (event.target.closest("[data-try]")) {
      strike();
    }
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-hall-form]");
    if (!form) {
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
        return look();
      })
      .then(renew)
      .catch(function () {
        button.disabled = false;
        failed();
      });
  });

  run();
})();
