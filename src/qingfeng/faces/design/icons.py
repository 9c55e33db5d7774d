"""Our own icons on a 24 grid: strokes take the colour of the text; `light-*` are shapes of the due lights."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "home": '<path d="M4 11.5 12 4.5l8 7V20h-5.5v-5.5h-5V20H4z"/>',
    "inbox": '<path d="M4 13 6.5 5h11L20 13v6H4z"/><path d="M4 13h5l1 2.5h4L15 13h5"/>',
    "sheet": '<path d="M6 3.5h8.5L18 7v13.5H6z"/><path d="M14 3.5V7.5h4M9 12h6M9 16h6"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>',
    "voice": '<path d="M4 5h16v11h-9l-4 3.5V16H4z"/><path d="M8 9h8M8 12h5"/>',
    "leave": '<path d="M13 4H5v16h8"/><path d="M10 12h10m-3.5-3.5L20 12l-3.5 3.5"/>',
    "vehicle": '<path d="M4 16v-4l2-5h12l2 5v4z"/><circle cx="8" cy="17" r="1.75"/>'
    '<circle cx="16" cy="17" r="1.75"/>'
    '<path d="M5 12h14"/>',
    "scale": '<path d="M12 4v16M7.5 20h9M5 7h14"/><path d="m5 7-2.5 6h5zM19 7l-2.5 6h5z"/>',
    "chart": '<path d="M4 4v16h16"/><path d="M8.5 16v-4M12.5 16V8M16.5 16v-6"/>',
    "people": '<circle cx="9" cy="8.5" r="3"/><path d="M3.5 19c.5-3.5 2.5-5 5.5-5s5 1.5 5.5 5"/>'
    '<path d="M15.5 5.8a3 3 0 0 1 0 5.4M17 14.3c2 .6 3.2 2.1 3.5 4.7"/>',
    "person": '<circle cx="12" cy="8.5" r="3.5"/><path d="M5 20c.6-4 3-6 7-6s6.4 2 7 6"/>',
    "ledger": '<path d="M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2z"/><path d="M5 18a2 2 0 0 1 2-2h12M9 8h6"/>',
    "seal": '<rect x="4.5" y="4.5" width="15" height="15" rx="1"/><path d="M9 9h6v6H9zM12 9v6"/>',
    "settings": '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3'
    'M6 6l2.1 2.1M15.9 15.9 18 18M18 6l-2.1 2.1M8.1 15.9 6 18"/>',
    "display": '<circle cx="12" cy="12" r="8"/><path d="M12 4v16" /><path d="M12 4a8 8 0 0 1 0 16z" '
    'fill="currentColor" stroke="none"/>',
    "sign-out": '<path d="M14 4H6v16h8"/><path d="M11 12h9m-3-3 3 3-3 3"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "void": '<circle cx="12" cy="12" r="7.5"/><path d="m7 17 10-10"/>',
    "chevron": '<path d="m6 9.5 6 6 6-6"/>',
    "left": '<path d="m14.5 6-6 6 6 6"/>',
    "right": '<path d="m9.5 6 6 6-6 6"/>',
    "up": '<path d="M12 19V6m-5 5 5-5 5 5"/>',
    "down": '<path d="M12 5v13m-5-5 5 5 5-5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "export": '<path d="M12 4v11m-4-4 4 4 4-4M5 19.5h14"/>',
    "print": '<path d="M7 9V4h10v5M7 16H4V9h16v7h-3"/><path d="M7 13.5h10V20H7z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5h.01"/>',
    "shield": '<path d="M12 3.5 19.5 6v6c0 4.5-3 7.3-7.5 8.8C7.5 19.3 4.5 16.5 4.5 12V6z"/>'
    '<path d="M12 8v5M12 16h.01"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="1"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "file": '<path d="M6 3.5h8.5L18 7v13.5H6z"/><path d="M14 3.5V7.5h4"/>',
    "light-ring": '<circle cx="12" cy="12" r="7.5" stroke-width="2.5"/>',
    "light-half": '<circle cx="12" cy="12" r="7.5" stroke-width="2.25"/>'
    '<path d="M12 4.5a7.5 7.5 0 0 1 0 15z" fill="currentColor" stroke="none"/>',
    "light-alert": '<path d="M12 3 22 20.5H2z" fill="currentColor" stroke="none"/>'
    '<path d="M12 9v5.5M12 17.3h.01" class="icon__cut"/>',
    "light-check": '<circle cx="12" cy="12" r="8.5" fill="currentColor" stroke="none"/>'
    '<path d="m8 12.3 2.8 2.8L16 9.5" class="icon__cut"/>',
    "light-pause": '<circle cx="12" cy="12" r="8"/><path d="M9.8 9v6M14.2 9v6" stroke-width="2.25"/>',
    "light-dash": '<path d="M6 12h12" stroke-width="2.25"/>',
}
