from django.urls import path

from liangxin.web.procedures import bulk, register, standing_in, starting, views

urlpatterns = [
    path("", views.index, name="procedures"),
    path("together/", bulk.together, name="procedures-together"),
    path("case/<int:key>/", views.case, name="procedures-case"),
    path("case/<int:key>/vote/", views.vote, name="procedures-vote"),
    path("case/<int:key>/revise/", starting.revise, name="procedures-revise"),
    path("case/<int:key>/foundings/", starting.foundings, name="procedures-foundings"),
    path("case/<int:key>/evidence/<int:file>/", views.evidence_file, name="procedures-evidence"),
    path("case/<int:key>/paper/<int:file>.<str:ending>", views.paper, name="procedures-paper"),
    path("case/<int:key>/do/<slug:name>/", views.act, name="procedures-act"),
    path("plan/", starting.plan, name="procedures-plan"),
    path("request/<slug:kind>/", starting.request, name="procedures-request"),
    path("standing-in/", standing_in.page, name="procedures-standing-in"),
    path("standing-in/<int:key>/end/", standing_in.end_page, name="procedures-standing-in-end"),
    path("numbers/", register.numbers_page, name="procedures-numbers"),
    path("numbers/open/", register.open_register, name="procedures-numbers-open"),
    path("numbers/reserve/", register.reserve, name="procedures-numbers-reserve"),
    path("numbers/void/", register.void, name="procedures-numbers-void"),
]
