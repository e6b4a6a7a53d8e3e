"""What is seen: ports, command lines, web interfaces and certificates, asked politely.

In: devices of the inventory and the family modules that say which read-only questions to ask.
Out: evidence documents, bounded in size and with secrets removed, or a `CollectError` whose reason
goes into the finding. Called by the engine, one device per site at a time. Nothing is interpreted
here beyond what is needed to ask the next question.
"""
