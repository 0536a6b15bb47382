"""界面自己的地址：字号、标识、水印、陈列页。"""

from django.urls import path

from doudi.office.ui import views

__all__ = ["app_name", "urlpatterns"]

app_name = "ui"
urlpatterns = [
    path("ui/size", views.size, name="size"),
    path("ui/mark.svg", views.mark, name="mark"),
    path("ui/watermark.svg", views.mark_of_viewer, name="watermark"),
    path("gallery", views.gallery, name="gallery"),
]
