using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>The classes that share <see cref="PostStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class PostOfficeTests : ICollectionFixture<PostStack>
{
    public const string Name = "end to end with a post office";
}
