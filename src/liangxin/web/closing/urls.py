from django.urls import path

from liangxin.web.closing import views

urlpatterns = [
    path("", views.index, name="closing"),
    path("term/", views.term, name="closing-term"),
    path("end/", views.end, name="closing-end"),
    path("package/", views.package, name="closing-package"),
    path("ask/", views.ask, name="closing-ask"),
    path("withdraw/", views.withdraw, name="closing-withdraw"),
    path("purge/", views.purge, name="closing-purge"),
    path("proof.json", views.proof, name="closing-proof"),
]
