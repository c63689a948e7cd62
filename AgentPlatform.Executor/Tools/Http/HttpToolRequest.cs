namespace AgentPlatform.Executor.Tools.Http;

/// <summary>One call of a tool, ready to be sent, as often as its effect allows: each message is the same.</summary>
internal sealed class HttpToolRequest(
    HttpEndpoint tool, Uri uri, IReadOnlyList<KeyValuePair<string, string>> headers, HttpPayload? body, ToolCallContext call)
{
    public HttpEndpoint Tool => tool;

    public ToolCallContext Call => call;

    /// <summary>Something of a message may have reached the server. Known of tools that change something, and only asked of them.</summary>
    public bool MayHaveArrived { get; private set; }

    public HttpRequestMessage NewMessage()
    {
        var message = new HttpRequestMessage(tool.Method, uri);
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        IdempotencyHeader.Add(message, call);
        if (body is not null || tool.Changes || tool.Method == HttpMethod.Post)
        {
            message.Content = new HttpToolContent(body, begins: () => MayHaveArrived = true);
        }

        return message;
    }
}
