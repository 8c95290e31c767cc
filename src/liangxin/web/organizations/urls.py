from django.urls import path

from liangxin.web.organizations import acting, views

urlpatterns = [
    path("", views.index, name="organizations"),
    path("chart.json", views.chart, name="organizations-chart"),
    path("network.pdf", views.network, name="organizations-network"),
    path("branch/<str:organization>/", views.branch, name="organizations-branch"),
    path("one/<str:organization>/", views.organization, name="organizations-one"),
    path("act/<slug:kind>/", acting.act, name="organizations-act"),
    path("framework/", acting.framework, name="organizations-framework"),
    path("existing/", acting.record_existing, name="organizations-existing"),
    path("undecided/", acting.undecided, name="organizations-undecided"),
]
