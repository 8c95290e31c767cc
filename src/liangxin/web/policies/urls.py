from django.urls import path

from liangxin.web.policies import views

urlpatterns = [
    path("", views.index, name="policy"),
    path("texts/", views.texts, name="policy-texts"),
    path("texts/<slug:policy>/<int:number>.yaml", views.text, name="policy-text"),
    path("adopt/", views.adopt, name="policy-adopt"),
]
