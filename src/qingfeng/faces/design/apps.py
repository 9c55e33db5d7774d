from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "qingfeng.faces.design"
    label = "design"
