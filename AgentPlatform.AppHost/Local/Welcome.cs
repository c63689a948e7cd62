namespace AgentPlatform.AppHost.Local;

/// <summary>The last lines of a start: the one that scripts wait for, and what to try.</summary>
internal static class Welcome
{
    public static void Print(string address) => Console.WriteLine(
        $$"""
        Ready: {{address}}
          curl -s {{address}}/agent -H 'content-type: application/json' -d '{"question":"What is 17% of 2340, plus 3^4?"}'
          curl -s {{address}}/health
          {{address}}/docs in a browser
        """);
}
