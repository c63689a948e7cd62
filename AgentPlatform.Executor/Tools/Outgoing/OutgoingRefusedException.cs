namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>A tool's request goes to a place it may not reach; nothing was sent. The message may be shown to a model.</summary>
internal sealed class OutgoingRefusedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    public static OutgoingRefusedException NotPublic(string host) => new($"{host} is not a public address and is not allowed here.");
}
