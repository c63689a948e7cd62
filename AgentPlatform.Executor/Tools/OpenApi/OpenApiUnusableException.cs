namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>A document, or one operation of it, that no tool can be made of; the message says why, as the end of a sentence.</summary>
internal sealed class OpenApiUnusableException(string message, Exception? innerException = null) : Exception(message, innerException);
