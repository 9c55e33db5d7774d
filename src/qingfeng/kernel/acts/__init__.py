"""Acts 办理动作: each declared once, performed by one engine."""

from qingfeng.kernel.acts.declare import Act, act
from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.acts.inputs import Choice, Files, Given, Line, Prose, Sealed, Whole

__all__ = ["Act", "Choice", "Do", "Files", "Given", "Line", "Prose", "Sealed", "Whole", "act"]
