using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Audit;

/// <summary>Who makes a request, as the API knows the caller. Parameter of a handler.</summary>
internal sealed record CallerActor(string Name)
{
    private const int Longest = 200;

    public static ValueTask<CallerActor> BindAsync(HttpContext httpContext) => ValueTask.FromResult(Of(httpContext));

    public static CallerActor Of(HttpContext httpContext)
    {
        var name = Uri.UnescapeDataString(httpContext.Request.Headers[InternalWire.ActorHeader].ToString());
        return new CallerActor(name.Length == 0 ? "nobody" : name.Length <= Longest ? name : name[..Longest]);
    }
}
