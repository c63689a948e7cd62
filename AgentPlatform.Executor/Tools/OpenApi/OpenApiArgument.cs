namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Where one argument of the model goes in a request.</summary>
/// <param name="Argument">Its name in the tool's schema.</param>
/// <param name="Name">Its name in the request; empty for a whole body.</param>
internal sealed record OpenApiArgument(string Argument, string Name, OpenApiPlace Place, OpenApiStyle Style = OpenApiStyle.Simple, bool Explode = false);

internal enum OpenApiPlace
{
    Path,
    Query,
    Header,

    /// <summary>A member of the body's object.</summary>
    Member,

    /// <summary>The whole body.</summary>
    Body,
}

/// <summary>How lists and objects are written where only text fits.</summary>
internal enum OpenApiStyle
{
    Simple,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}
