using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The classes that share <see cref="TwoFronts"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTwoFronts : ICollectionFixture<TwoFronts>
{
    public const string Name = "end to end with two APIs";
}
