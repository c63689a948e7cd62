namespace AgentPlatform.Core.ChatModels;

/// <summary>A failed model call as a value.</summary>
/// <param name="RetryAfter">How long the endpoint asked to wait, if it did.</param>
/// <param name="IsTransient">The same request may succeed a moment later.</param>
public sealed record ModelFailure(ModelErrorKind Kind, TimeSpan? RetryAfter = null, bool IsTransient = false)
{
    /// <summary>A sentence for people; it holds nothing that the endpoint or an exception said.</summary>
    public string Sentence => Kind switch
    {
        ModelErrorKind.RateLimited => "The model's endpoint takes no more requests at the moment.",
        ModelErrorKind.ServerError => "The model's endpoint had an internal error.",
        ModelErrorKind.Timeout => "The model did not answer in time.",
        ModelErrorKind.Unreachable => "The model's endpoint could not be reached.",
        ModelErrorKind.Unauthorized => "The model's endpoint refused the configured key.",
        ModelErrorKind.ContextOverflow => "The conversation is longer than the model accepts.",
        ModelErrorKind.ContentFilter => "The model's provider refused the content.",
        ModelErrorKind.BadRequest => "The model's endpoint refused the request.",
        _ => "The model's answer could not be read.",
    };
}
