using AgentPlatform.Tests.ServiceDefaults;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The metrics of the stack's services, as a strict scraper reads them.</summary>
internal static class StackMetrics
{
    public static async Task<PrometheusText> ScrapeAsync(this RunningStack stack, string process) => PrometheusText.Parse(
        await stack.Http.GetStringAsync(new Uri($"{stack.Processes[process].Address}/metrics"), TestContext.Current.CancellationToken));
}
