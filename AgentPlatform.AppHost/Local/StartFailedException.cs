namespace AgentPlatform.AppHost.Local;

/// <summary>A resource that cannot be brought up; the message is for the person at the console.</summary>
internal sealed class StartFailedException(string message) : Exception(message);
