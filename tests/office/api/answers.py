"""What every answer that is none looks like."""


def problem(answer, status, code):
    """The problem that the answer tells; checked for its one shape."""
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"] == f"urn:doudi:{code}"
    assert told["title"]
    assert told["detail"].endswith("。")
    return told
