"""Schoolwork over one transaction: homework, control works, recommendations."""

from storage.schoolwork.control_works import ControlWorks
from storage.schoolwork.homework import GivenHomework
from storage.schoolwork.recommendations import Recommendations


class Schoolwork(GivenHomework, ControlWorks, Recommendations):
    pass
