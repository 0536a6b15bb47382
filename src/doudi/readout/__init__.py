"""判读：一次运行的结果怎样取出来、怎样对人说。

Between the wings and whoever faces people: landed batches become the engine's inputs, a run's files become alerts, a
household's dossier and Chinese sentences. The command line and the offices stand on it and print the same words.
"""
