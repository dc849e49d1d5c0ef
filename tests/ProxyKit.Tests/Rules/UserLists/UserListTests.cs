using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.Tests.Rules.UserLists;

public sealed class UserListTests
{
    [Fact]
    public void User_is_right_with_the_password_only()
    {
        var list = Example();

        Assert.True(list.IsRight("bob"u8, "pw"u8));
        Assert.False(list.IsRight("bob"u8, "PW"u8));
        Assert.False(list.IsRight("bob"u8, ""u8));
        Assert.False(list.IsRight("Bob"u8, "pw"u8));
        Assert.False(list.IsRight("eve"u8, "pw"u8));
        Assert.True(list.IsRight("al"u8, "Hello world!"u8));
        Assert.False(list.IsRight("al"u8, "pw"u8));
        Assert.False(list.IsRight("none"u8, ""u8));
    }

    [Fact]
    public void Groups_are_those_of_users_and_those_that_name_them()
    {
        var list = Example();

        Assert.Equal(["staff", "ops"], GroupsOf(list, "bob"u8));
        Assert.Equal(["staff"], GroupsOf(list, "al"u8));
        Assert.Empty(GroupsOf(list, "eve"u8));
        Assert.Equal(["ops", "staff"], list.GroupNames);
    }

    [Fact]
    public void List_says_what_is_wrong_with_it()
    {
        Assert.Contains("'x'", FaultOf(new UserListOptions { Name = "l", Groups = { new UserGroupOptions { Name = "g", Users = { "x" } } } }), StringComparison.Ordinal);
        Assert.Contains("twice", FaultOf(new UserListOptions { Name = "l", Users = { new UserOptions { Name = "a" }, new UserOptions { Name = "a" } } }), StringComparison.Ordinal);
        Assert.Contains("$5$", FaultOf(new UserListOptions { Name = "l", Users = { new UserOptions { Name = "a", PasswordHash = "$1$a$b" } } }), StringComparison.Ordinal);

        static string FaultOf(UserListOptions options) => Assert.Throws<RuleFaultException>(() => new UserList(options)).Message;
    }

    internal static UserList Example() => new(new UserListOptions
    {
        Name = "u",
        Users =
        {
            new UserOptions { Name = "bob", InsecurePassword = "pw", Groups = { "staff" } },
            new UserOptions
            {
                Name = "al",
                PasswordHash = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                InsecurePassword = "pw",
                Groups = { "staff" },
            },
            new UserOptions { Name = "none" },
        },
        Groups = { new UserGroupOptions { Name = "ops", Users = { "bob" } } },
    });

    private static string[] GroupsOf(UserList list, ReadOnlySpan<byte> user)
    {
        var names = new List<string>();
        foreach (var group in list.GroupsOf(user))
        {
            names.Add(Encoding.UTF8.GetString(group));
        }

        return [.. names];
    }
}
