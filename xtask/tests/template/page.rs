//! The demo page, held against how local-cognito serves it.

use crate::{Spoilt, document::Template, root};
use serde_json::json;
use std::fs;

pub fn the_page_is_served_as_locally(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, headers) in template.of_type("AWS::CloudFront::ResponseHeadersPolicy") {
        let config = &headers["ResponseHeadersPolicyConfig"];
        let security = &config["SecurityHeadersConfig"];
        let policy = &security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"];
        let policy = policy.as_str().unwrap_or_default();
        let region = " https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/";
        if policy.replace(region, "{pool_host}") != local_policy() || !policy.contains(region) {
            complaints.push(format!("{name} has the policy {policy}"));
        }
        if security["StrictTransportSecurity"]["AccessControlMaxAgeSec"].as_i64() < Some(31_536_000)
        {
            complaints.push(format!("{name} insists on TLS for less than a year"));
        }
        if security["ReferrerPolicy"]["ReferrerPolicy"] != "no-referrer" {
            complaints.push(format!("{name} tells where people come from"));
        }
        if security["ContentTypeOptions"]["Override"] != true {
            complaints.push(format!("{name} lets browsers guess types"));
        }
        let items = config["CustomHeadersConfig"]["Items"].as_array();
        let custom = |header: &str| {
            let mut items = items.into_iter().flatten();
            items
                .find(|item| item["Header"] == header)
                .map(|item| &item["Value"])
        };
        if custom("Cross-Origin-Opener-Policy") != Some(&json!("same-origin")) {
            complaints.push(format!("{name} shares windows"));
        }
        if custom("Permissions-Policy").is_none() {
            complaints.push(format!("{name} has no Permissions-Policy"));
        }
    }
    complaints
}

pub fn the_page_is_served_by_cloudfront_alone(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, bucket) in template.of_type("AWS::S3::Bucket") {
        let private = [
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        ]
        .iter()
        .all(|property| bucket["PublicAccessBlockConfiguration"][property] == true);
        if !private {
            complaints.push(format!("{name} is public"));
        }
    }
    for (name, page) in template.of_type("AWS::CloudFront::Distribution") {
        let behavior = &page["DistributionConfig"]["DefaultCacheBehavior"];
        let ours = behavior["ResponseHeadersPolicyId"] == json!({ "Ref": "DemoPageHeaders" });
        if !ours || behavior["ViewerProtocolPolicy"] != "redirect-to-https" {
            complaints.push(format!("{name} serves pages without their headers"));
        }
    }
    // Few want it.
    let resources = template.0["Resources"].as_object().unwrap();
    let unasked = resources.iter().filter(|(name, resource)| {
        name.starts_with("DemoPage") && resource["Condition"] != "HostPage"
    });
    complaints.extend(unasked.map(|(name, _)| format!("{name} is made unasked")));
    complaints
}

/// The policy in local-cognito's source, where `{pool_host}` stands for the pool's endpoint.
fn local_policy() -> String {
    let source = root().join("local-cognito/src/page_headers.rs");
    let source = fs::read_to_string(source).unwrap();
    let (_, start) = source.split_once("\"default-src").unwrap();
    let (policy, _) = start.split_once('"').unwrap();
    let lines = policy.split("\\\n").map(str::trim_start);
    format!("default-src {}", lines.collect::<String>())
}

pub const SPOILT: &[Spoilt] = &[
    Spoilt("default-src 'none'", "default-src 'self'", "has the policy"),
    Spoilt(
        "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/; ",
        "https:; ",
        "has the policy",
    ),
    Spoilt("63072000", "3600", "less than a year"),
    Spoilt(
        "ReferrerPolicy: no-referrer",
        "ReferrerPolicy: origin",
        "where people come from",
    ),
    Spoilt(
        "          ContentTypeOptions: { Override: true }\n",
        "",
        "guess types",
    ),
    Spoilt(
        "Cross-Origin-Opener-Policy, Value: same-origin",
        "Cross-Origin-Opener-Policy, Value: unsafe-none",
        "shares windows",
    ),
    Spoilt(
        "Header: Permissions-Policy",
        "Header: Feature-Policy",
        "no Permissions-Policy",
    ),
    Spoilt(
        "RestrictPublicBuckets: true",
        "RestrictPublicBuckets: false",
        "is public",
    ),
    Spoilt(
        "          ResponseHeadersPolicyId: !Ref DemoPageHeaders\n",
        "",
        "without their headers",
    ),
    Spoilt(
        "ViewerProtocolPolicy: redirect-to-https",
        "ViewerProtocolPolicy: allow-all",
        "without their headers",
    ),
    Spoilt(
        "    Type: AWS::S3::Bucket\n    Condition: HostPage\n",
        "    Type: AWS::S3::Bucket\n",
        "made unasked",
    ),
];
