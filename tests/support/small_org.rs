//! An org that fits on a page: two licenses, two profiles, two roles, two sets, a public group, three users.

use super::Sandbox;

impl Sandbox {
    /// A sandbox with the small org in `org/`.
    pub fn with_small_org() -> Self {
        let sandbox = Self::new();
        let files = [
            (
                "Organization.csv",
                "Id,Name,IsSandbox\n00D000000000001,Acme,false\n",
            ),
            (
                "UserLicense.csv",
                "Id,Name,MasterLabel,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses\n100000000000001,Salesforce,Salesforce,SFDC,Active,100,4\n100000000000002,Salesforce Platform,Salesforce Platform,AUL,Active,100,0\n",
            ),
            (
                "Profile.csv",
                "Id,Name,UserType,UserLicenseId\n00e000000000001,Sales,Standard,100000000000001\n00e000000000002,Depot,Standard,100000000000002\n",
            ),
            (
                "UserRole.csv",
                "Id,Name,DeveloperName,ParentRoleId,PortalType\n00E000000000001,North,North,,None\n00E000000000002,South,South,,None\n",
            ),
            (
                "PermissionSet.csv",
                "Id,Name,Label,LicenseId,IsOwnedByProfile,ProfileId,IsCustom,Type\n0PS000000000001,Reports,All Reports,,false,,true,Regular\n0PS000000000002,Orders,Orders,,false,,true,Regular\n",
            ),
            (
                "PermissionSetGroup.csv",
                "Id,DeveloperName,MasterLabel,Status\n",
            ),
            (
                "PermissionSetGroupComponent.csv",
                "Id,PermissionSetGroupId,PermissionSetId\n",
            ),
            (
                "PermissionSetAssignment.csv",
                "Id,AssigneeId,PermissionSetId,PermissionSetGroupId,IsActive,ExpirationDate\n0Pa000000000001,005000000000001,0PS000000000001,,true,\n",
            ),
            (
                "Group.csv",
                "Id,DeveloperName,Name,Type\n00G000000000001,Everyone_North,Everyone North,Regular\n",
            ),
            (
                "GroupMember.csv",
                "Id,GroupId,UserOrGroupId\n011000000000001,00G000000000001,005000000000001\n",
            ),
            (
                "User.csv",
                "Id,Username,IsActive,UserType,ProfileId,UserRoleId,Email,Title,UserPermissionsMarketingUser\n005000000000001,ann@acme.example,true,Standard,00e000000000001,00E000000000001,ann@acme.example,Clerk,true\n005000000000002,bob@acme.example,true,Standard,00e000000000001,,bob@acme.example,,false\n005000000000003,eve@acme.example,false,Standard,00e000000000001,,eve@acme.example,,false\n",
            ),
        ];
        for (name, content) in files {
            sandbox.write(&format!("org/{name}"), content);
        }
        sandbox
    }
}
