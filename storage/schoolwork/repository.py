"""Schoolwork over one transaction: homework, control works, recommendations."""

from storage.schoolwork.control_works import SqlControlWorks
from storage.schoolwork.homework import SqlHomework
from storage.schoolwork.recommendations import SqlRecommendations


class SqlSchoolwork(SqlHomework, SqlControlWorks, SqlRecommendations):
    pass
