"""The addresses of the console. Those of mechanisms come last: a fixed word is never taken for a code."""

from django.urls import URLPattern, URLResolver, path

from qingfeng.faces.console import (
    account,
    acting,
    administration,
    bespoke,
    boards,
    complaint,
    handbook,
    inbox,
    lists,
    records,
    sheet,
    sign_in,
    statistics,
)

app_name = "console"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
    path("role/", sign_in.role, name="role"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/read/", inbox.notices_read, name="notices_read"),
    path("search/", lists.search, name="search"),
    path("handbook/", handbook.handbook, name="handbook"),
    path("handbook/<slug:code>/", handbook.mechanism, name="handbook_page"),
    path("complaint/", complaint.complaint, name="complaint"),
    path("administration/system/", administration.system, name="system"),
    path("administration/system/resend/", administration.resend, name="resend"),
    path("administration/journal/", administration.journal, name="journal"),
    path("files/<uuid:pk>/", records.file, name="file"),
    path("<slug:code>/", lists.listing, name="listing"),
    path("<slug:code>/export.xlsx", lists.export, name="export"),
    path("<slug:code>/statistics/", statistics.statistics, name="statistics"),
    path("<slug:code>/statistics.xlsx", statistics.statistics_workbook, name="statistics_workbook"),
    path("<slug:code>/board/<slug:name>/", boards.board, name="board"),
    path("<slug:code>/new/<slug:name>/", acting.act, name="open"),
    path("<slug:code>/template/<slug:name>.xlsx", acting.template, name="template"),
    path("<slug:code>/choose/<slug:name>/<slug:path>/", acting.choose, name="choose"),
    path("<slug:code>/<int:pk>/", sheet.matter, name="matter"),
    path("<slug:code>/<int:pk>/entry/<int:entry>/", records.entry, name="entry"),
    path("<slug:code>/<int:pk>/entry/<int:entry>/proof.json", records.proof_file, name="proof"),
    path("<slug:code>/<int:pk>/page/<slug:name>/", bespoke.bespoke, name="bespoke"),
    path("<slug:code>/<int:pk>/<slug:name>/", acting.act, name="act"),
]
