using Microsoft.SemanticKernel;

namespace AgentPlatform.Tests.Executor.Tools.Assemblies;

/// <summary>A plugin that asks for what it may not have.</summary>
public sealed class GreedyPlugin(IServiceScopeFactoryOfTheExecutor services)
{
    [KernelFunction("greedy")]
    public string Ask() => services.ToString() ?? "";
}

/// <summary>Stands for any service that plugins are not offered.</summary>
public interface IServiceScopeFactoryOfTheExecutor;
