namespace AgentPlatform.Tests.Executor.Runs.Durability;

internal enum Behaviour
{
    Works,

    /// <summary>Takes effect, then throws.</summary>
    Throws,

    /// <summary>Does nothing and says why in words made for the model.</summary>
    Refuses,

    /// <summary>The arguments do not fit the schema: it is never reached.</summary>
    DoesNotFit,

    /// <summary>The arguments are no JSON: it is never reached.</summary>
    Malformed,
}

/// <param name="Tool">Of <see cref="CountingTools"/>, or one that is not offered.</param>
/// <param name="Number">Part of the arguments: few numbers, so that calls repeat.</param>
internal sealed record ScriptedCall(string Tool, Behaviour Behaviour, int Number)
{
    public string Arguments => Behaviour switch
    {
        Behaviour.DoesNotFit => $$"""{"words":{{Number}}}""",
        Behaviour.Malformed => $$"""{"text":"{{Number}}""",
        _ => $$"""{"text":"{{Behaviour}} {{Number}}"}""",
    };

    public override string ToString() => $"{Tool} {Behaviour} {Number}";
}
