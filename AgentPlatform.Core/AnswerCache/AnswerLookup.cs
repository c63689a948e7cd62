namespace AgentPlatform.Core.AnswerCache;

/// <summary>What the cache says to a question: exactly one of four.</summary>
public abstract record AnswerLookup
{
    private AnswerLookup()
    {
    }

    /// <summary>Here is the answer.</summary>
    public sealed record Hit(CachedAnswer Answer) : AnswerLookup;

    /// <summary>A run is making it: attach to that run, or start it under that id if it was lost.</summary>
    public sealed record Flight(Guid RunId) : AnswerLookup;

    /// <summary>Nothing there; the flight is yours. Store the answer in its place, or release it.</summary>
    public sealed record Lead : AnswerLookup
    {
        public static Lead Instance { get; } = new();
    }

    /// <summary>The cache could not be asked: go on without it.</summary>
    public sealed record Unavailable : AnswerLookup
    {
        public static Unavailable Instance { get; } = new();
    }
}
