namespace AgentPlatform.Core.ChatModels;

/// <summary>How much one model may be asked at a time, and how long one attempt may be silent. The caller's deadline is above all of them.</summary>
/// <param name="MaxConcurrent">Calls under way in this process; null: as many as there are runs.</param>
/// <param name="MaxWait">For room among them.</param>
/// <param name="AttemptTimeout">Until the reply begins. One that is not streamed begins when it is complete.</param>
/// <param name="StreamTimeout">Between two pieces of a streamed reply, however long that gets in the end.</param>
internal sealed record ModelLimits(int? MaxConcurrent, TimeSpan MaxWait, TimeSpan AttemptTimeout, TimeSpan StreamTimeout)
{
    public static ModelLimits Default { get; } = Of(new ModelOptions());

    public static ModelLimits Of(ModelOptions options) =>
        new(options.MaxConcurrent, options.MaxWait, options.AttemptTimeout, options.StreamTimeout);
}
