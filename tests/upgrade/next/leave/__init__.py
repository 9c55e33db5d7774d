from qingfeng.mechanisms.restraint.leave import migrations

__path__ += migrations.__path__
