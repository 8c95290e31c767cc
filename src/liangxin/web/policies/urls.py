from django.urls import path

from liangxin.web.policies import views

urlpatterns = [path("", views.index, name="policy")]
