"""读者：每张台面的事从哪个科室读来。

One reader a desk: what another office holds, as matters on a workbench.
"""
