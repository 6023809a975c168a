"""Labels of one's own: stretches that a person marks teach a small recurrent head.

    marks + features over time -> fit, validate -> head -> stretches of any clip

It works on whatever features a system has over time (:class:`hybridcore.system.Teaching`) and
knows no system.
"""
