"""Running a class: release, grade, feedback and export; never touches student code."""
