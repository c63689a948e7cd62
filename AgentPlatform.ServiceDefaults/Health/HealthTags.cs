namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>Tags of health checks that mean something to <c>/health</c>.</summary>
public static class HealthTags
{
    /// <summary>The service cannot do its work without this dependency: when it is down, <c>/health</c> answers 503.</summary>
    public const string Required = "required";
}
