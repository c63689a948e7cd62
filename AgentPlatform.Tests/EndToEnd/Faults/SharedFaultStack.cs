using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>The classes that share <see cref="FaultStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedFaultStack : ICollectionFixture<FaultStack>
{
    public const string Name = "end to end with faults";
}
