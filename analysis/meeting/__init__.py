"""会议材料: the one home of what a meeting is shown, on screen, as slides, frozen, and against today.

`plan`: which slides in which order; `material`: the figures and rows they are made of; `slides`: title and sentence to
say of each. Screen (components.meeting.presenter) and documents (reports) only draw them.
"""
