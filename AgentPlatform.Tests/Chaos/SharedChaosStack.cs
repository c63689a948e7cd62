using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>The classes that share <see cref="ChaosStack"/>; each leaves it as whole as it found it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedChaosStack : ICollectionFixture<ChaosStack>
{
    public const string Name = "chaos";
}
