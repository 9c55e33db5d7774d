"""How people and programs meet Qingfeng: console, API, command line, charts; made from the declarations."""
