using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Identity;

/// <summary>The classes that share <see cref="ProductionStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedProductionStack : ICollectionFixture<ProductionStack>
{
    public const string Name = "end to end in production";
}
