from qingfeng.mechanisms.problems.rectification import migrations

__path__ += migrations.__path__
