from django.urls import path

from liangxin.web.areas import views

urlpatterns = [path("new/", views.new, name="town-new")]
