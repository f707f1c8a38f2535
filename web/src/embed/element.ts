import { defineMillraceEmbed } from "@millrace/client/embed";

// What a page without a build loads: `<script type="module" src="https://usage.example.com/assets/millrace-embed.js"></script>`.
defineMillraceEmbed();
